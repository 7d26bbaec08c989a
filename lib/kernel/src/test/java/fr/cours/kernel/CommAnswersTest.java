package fr.cours.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import fr.cours.course.exercises.MaskExercise;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.messages.Header;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.comm.CommCloseCommand;
import io.github.spencerpark.jupyter.messages.comm.CommMsgCommand;
import io.github.spencerpark.jupyter.messages.comm.CommOpenCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Un programme ouvre un comm : une réponse part, et le comm se ferme. */
class CommAnswersTest {
    private final List<Object> published = new ArrayList<>();
    private int leftToOthers;

    /** Ce qui partirait vers Jupyter. */
    private final class Recorder extends ShellReplyEnvironment {
        Recorder(MessageContext context) {
            super(null, null, null, context);
        }

        @Override
        public void publish(Message<?> message) {
            published.add(message.getContent());
        }
    }

    private void open(CommAnswers answers, String target) {
        Message<CommOpenCommand> request = new Message<>(
                new Header<>(MessageType.COMM_OPEN_COMMAND), new CommOpenCommand("c1", target, new JsonObject()));
        answers.handle(new Recorder(request), request, (env, message) -> leftToOthers++);
    }

    private <T> List<T> sent(Class<T> type) {
        return published.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Test
    void aKnownTargetIsAnsweredThenClosed() {
        JsonObject data = new JsonObject();
        data.addProperty("x", 1);
        open(new CommAnswers(Map.of("t", () -> data)), "t");
        assertThat(leftToOthers).isZero();
        assertThat(sent(CommMsgCommand.class)).singleElement().satisfies(message -> {
            assertThat(message.getCommID()).isEqualTo("c1");
            assertThat(message.getData()).isEqualTo(data);
        });
        assertThat(sent(CommCloseCommand.class))
                .singleElement()
                .satisfies(closing -> assertThat(closing.getCommID()).isEqualTo("c1"));
    }

    @Test
    void anotherTargetIsLeftToIJava() {
        open(new CommAnswers(Map.of("t", JsonObject::new)), "u");
        assertThat(leftToOthers).isEqualTo(1);
        assertThat(published).isEmpty();
    }

    @Test
    void theVerdictsAreThoseOfTheGradebook() {
        new MaskExercise().leak(new int[] {5, 2});
        open(new CommAnswers(Map.of(ExerciseComm.TARGET, ExerciseComm::verdicts)), "exercises");
        assertThat(sent(CommMsgCommand.class))
                .singleElement()
                .satisfies(message -> assertThat(message.getData().toString())
                        .isEqualTo("{\"verdicts\":[{\"step\":\"2.6\",\"state\":\"DONE\","
                                + "\"sentence\":\"Étape 6 : juste\"}]}"));
    }
}
