/**
 * Les modèles que plusieurs carnets construisent, faits de couches de la bibliothèque.
 *
 * <p>Pas de couche ici, ni de modèle d'un intérêt général : ils sont dans {@code fr.cours.attention}. Le modèle d'un seul carnet
 * s'écrit dans ce carnet.
 */
package fr.cours.course.models;
