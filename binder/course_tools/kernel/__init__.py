"""Le noyau Jupyter du cours : ce dont il est fait, et de quoi lui parler."""
