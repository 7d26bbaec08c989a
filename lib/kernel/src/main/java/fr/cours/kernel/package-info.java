/**
 * Le seul paquet qui connaisse Jupyter : le noyau du cours, bâti sur IJava, et ce qui y montre une figure, une table, un
 * entraînement.
 *
 * <p>Rien de ce qui s'emploierait sans Jupyter n'y va : ni dessin ({@code fr.cours.figures}), ni exercice ({@code
 * fr.cours.course.exercises}).
 */
package fr.cours.kernel;
