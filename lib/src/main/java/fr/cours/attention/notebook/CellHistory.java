package fr.cours.attention.notebook;

import io.github.spencerpark.jupyter.kernel.history.HistoryEntry;
import io.github.spencerpark.jupyter.kernel.history.HistoryManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Les cellules exécutées depuis le démarrage ; une console les redonne avec la flèche vers le haut. */
final class CellHistory implements HistoryManager {
    private static final int THIS_SESSION = 0;

    private final List<HistoryEntry> entries = new ArrayList<>();

    synchronized void add(int cell, String code) {
        entries.add(new HistoryEntry(THIS_SESSION, cell, code));
    }

    @Override
    public synchronized List<HistoryEntry> lookupTail(int count, Set<ResultFlag> flags) {
        return last(entries, count);
    }

    @Override
    public synchronized List<HistoryEntry> lookupRange(int session, int start, int stop, Set<ResultFlag> flags) {
        return session != THIS_SESSION
                ? List.of()
                : entries.stream()
                        .filter(entry -> entry.getCellNumber() >= start && entry.getCellNumber() < stop)
                        .toList();
    }

    /** Cherche un motif où {@code *} et {@code ?} ont leur sens habituel. */
    @Override
    public synchronized List<HistoryEntry> search(String pattern, int count, Set<ResultFlag> flags) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        Pattern wanted = Pattern.compile(regex, Pattern.DOTALL);
        return last(
                entries.stream()
                        .filter(entry -> wanted.matcher(entry.getInput()).matches())
                        .toList(),
                count);
    }

    private static List<HistoryEntry> last(List<HistoryEntry> all, int count) {
        return List.copyOf(all.subList(Math.max(0, all.size() - count), all.size()));
    }
}
