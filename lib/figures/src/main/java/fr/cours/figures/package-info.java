/**
 * Des nombres aux images : chaque figure (carte de chaleur, grille de têtes, courbes, barres, vue à explorer) prend des
 * tableaux d'ND4J ou de Java, et rend un PNG ou du HTML avec les mots qui le remplacent. Rien ici ne connaît Jupyter, qui
 * montre ces figures, ni les couches et les modèles dont viennent les nombres.
 */
package fr.cours.figures;
