/**
 * Les quelques calculs chauds, sur la mémoire même des tableaux d’ND4J : produits, softmax, boucles, chacun avec sa forme
 * simple à côté de la rapide. Les couches s’en servent, leurs utilisateurs non ; ce qui a un sens pour un modèle va dans
 * {@code layers}, et aucun pointeur ne sort d’ici.
 */
package fr.cours.attention.math;
