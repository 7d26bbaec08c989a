/**
 * Les vérifications des quatre exercices (une réponse entre, une phrase sort), et le registre de leurs verdicts.
 *
 * <p>Un exercice est une classe {@code …Exercise} ; quand ses étapes sont longues, chacune a son fichier, au même préfixe. Les
 * modèles et les mesures que les exercices font employer sont ailleurs : {@code models}, {@code metrics}.
 */
package fr.cours.course.exercises;
