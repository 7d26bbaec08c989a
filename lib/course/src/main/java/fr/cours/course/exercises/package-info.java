/** Les vérifications des quatre exercices : une réponse entre, une phrase sort. */
package fr.cours.course.exercises;
