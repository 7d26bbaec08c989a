/**
 * Des phrases aux identifiants, et retour : couper un texte, tenir un vocabulaire, compléter un lot. Rien n’y calcule, et
 * la lecture d’un corpus n’en est pas : elle va dans le module {@code course}.
 */
package fr.cours.attention.text;
