/**
 * Comment un modèle apprend : pertes, Adam, taux d’apprentissage, la boucle de
 * {@link fr.cours.attention.training.Trainer}, et les paramètres dans un fichier. Rien n’y dessine ni n’y affiche : qui
 * veut suivre un entraînement est un {@link fr.cours.attention.training.TrainingListener}.
 */
package fr.cours.attention.training;
