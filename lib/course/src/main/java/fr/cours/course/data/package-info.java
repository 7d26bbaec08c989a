/**
 * Les corpus du cours : des fichiers lus en tables ou en phrases, et des suites tirées au sort.
 *
 * <p>Ni découpe en mots ni identifiants : c'est {@code fr.cours.attention.text} ; rien non plus de ce qui s'apprend.
 */
package fr.cours.course.data;
