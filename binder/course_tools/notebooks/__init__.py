"""Les carnets : les trouver, les exécuter, les comparer à ce qui est gardé, les récrire."""
