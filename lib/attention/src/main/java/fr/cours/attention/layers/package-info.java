/**
 * Ce que le cours enseigne : l’attention et ses sortes, les masques, les positions, les étages ; et de quoi composer une
 * couche, {@link fr.cours.attention.layers.Layer}, {@link fr.cours.attention.layers.Parameter} et
 * {@link fr.cours.attention.layers.Tape}. Un modèle entier va dans {@code models}, une boucle chaude ou un pointeur dans
 * {@code math}.
 */
package fr.cours.attention.layers;
