/**
 * Les vérifications des quatre exercices (une réponse entre, une phrase sort), le registre de leurs verdicts et le tableau
 * d'une classe.
 *
 * <p>Un exercice est une classe {@code …Exercise} ; une étape qui a son fichier en garde le préfixe. Les modèles et les mesures
 * que les exercices emploient sont ailleurs : {@code models}, {@code metrics}.
 */
package fr.cours.course.exercises;
