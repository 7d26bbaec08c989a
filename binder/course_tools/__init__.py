"""Ce qui est derrière les commandes du cours : installer le noyau, exécuter les carnets, faire les pages, noter."""
