"""Noter une classe : lire les copies, exécuter chacune à part, la surveiller, montrer le tableau."""
