package fr.cours.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import fr.cours.course.exercises.Gradebook;

/** Le comm {@code exercises}, où qui note une classe lit les verdicts que ce noyau a rendus. */
final class ExerciseComm {
    static final String TARGET = "exercises";

    private ExerciseComm() {}

    /** {@code {"verdicts": [{"step": "2.1", "state": "DONE", "sentence": "Étape 1 : juste"}, …]}}. */
    static JsonObject verdicts() {
        JsonArray verdicts = new JsonArray();
        for (Gradebook.Entry entry : Gradebook.ofThisKernel().entries()) {
            JsonObject verdict = new JsonObject();
            verdict.addProperty("step", entry.step());
            verdict.addProperty("state", entry.verdict().state().name());
            verdict.addProperty("sentence", entry.verdict().sentence());
            verdicts.add(verdict);
        }
        JsonObject data = new JsonObject();
        data.add("verdicts", verdicts);
        return data;
    }
}
