/**
 * Le seul paquet qui connaisse Jupyter : le noyau du cours, bâti sur IJava, et ce qui montre une figure.
 *
 * <p>IJava compile et exécute ; ce paquet change ce qui s'y perdait (lignes imprimées, interruption, erreurs illisibles).
 */
package fr.cours.kernel;
