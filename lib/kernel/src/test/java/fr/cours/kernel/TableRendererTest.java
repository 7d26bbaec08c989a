package fr.cours.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Une table en HTML : sa légende, ses titres, ses cases ; ce qui ressemble à une balise reste du texte. */
class TableRendererTest {
    @Test
    void captionHeadersAndCells() {
        Table table =
                Table.create("A & B", StringColumn.create("modèle", "LSTM", "<b>"), IntColumn.create("pas", 3, 4));
        assertThat(TableRenderer.html(table))
                .isEqualTo("<table>\n<caption>A &amp; B</caption>\n"
                        + "<thead><tr><th scope=\"col\">modèle</th><th scope=\"col\">pas</th></tr></thead>\n<tbody>\n"
                        + "<tr><td>LSTM</td><td>3</td></tr>\n<tr><td>&lt;b&gt;</td><td>4</td></tr>\n"
                        + "</tbody>\n</table>");
    }
}
