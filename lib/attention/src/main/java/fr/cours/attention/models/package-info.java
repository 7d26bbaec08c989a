/**
 * Des modèles entiers, faits des couches de {@code layers}, et qui se lisent comme leur formule. Un modèle dont un seul
 * carnet se sert reste dans ce carnet ; une brique que plusieurs modèles emploient va dans {@code layers}.
 */
package fr.cours.attention.models;
