package fr.cours.kernel;

import io.github.spencerpark.jupyter.messages.request.HistoryRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Les cellules exécutées depuis le démarrage : une console les redonne avec la flèche vers le haut. */
final class CellHistory {
    private static final int THIS_SESSION = 0;

    private record Entry(int cell, String code) {
        /** La forme du protocole : {@code [session, cellule, code]}, et la sortie, non gardée, si on la demande. */
        List<Object> toJson(boolean withOutput) {
            Object input = withOutput ? Collections.unmodifiableList(Arrays.asList(code, null)) : code;
            return List.of(THIS_SESSION, cell, input);
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    synchronized void add(int cell, String code) {
        entries.add(new Entry(cell, code));
    }

    /** Ce que demande une requête, du plus ancien au plus récent. */
    synchronized List<List<Object>> lookup(HistoryRequest request) {
        Predicate<Entry> wanted = entry -> true;
        int count = Integer.MAX_VALUE;
        if (request instanceof HistoryRequest.Tail tail) {
            count = tail.getMaxReturnLength();
        } else if (request instanceof HistoryRequest.Range range) {
            wanted = entry -> range.getSessionIndex() == THIS_SESSION
                    && entry.cell >= range.getStart()
                    && entry.cell < range.getStop();
        } else if (request instanceof HistoryRequest.Search search) {
            Pattern pattern = glob(search.getPattern());
            wanted = entry -> pattern.matcher(entry.code).matches();
            count = search.getMaxReturnLength();
        }
        List<Entry> found = entries.stream().filter(wanted).toList();
        return found.stream()
                .skip(Math.max(0L, (long) found.size() - count))
                .map(entry -> entry.toJson(request.includeOutput()))
                .toList();
    }

    /** Un motif où {@code *} et {@code ?} ont leur sens habituel. */
    private static Pattern glob(String pattern) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(regex, Pattern.DOTALL);
    }
}
