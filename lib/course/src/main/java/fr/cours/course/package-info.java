/**
 * Ce que tout carnet peut employer, quel que soit son sujet : dire ce que le texte affirme, et s'arrêter si c'est faux.
 *
 * <p>Les corpus sont dans {@code data}, les modèles dans {@code models}, les notes de qualité dans {@code metrics}, les
 * vérifications dans {@code exercises} ; ce qui ne sert qu'à un carnet reste dans ce carnet.
 */
package fr.cours.course;
