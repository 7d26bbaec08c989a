package fr.cours.kernel;

import fr.cours.figures.Html;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Montre une {@link Table} de Tablesaw : un tableau HTML avec sa légende, et son texte là où le HTML n'est pas montré. */
final class TableRenderer {
    private TableRenderer() {}

    static void register(Renderer renderer) {
        renderer.createRegistration(Table.class)
                .preferring(MIMEType.TEXT_HTML, MIMEType.TEXT_PLAIN)
                .register((table, context) -> {
                    context.getOutputContainer().putHTML(html(table));
                    context.getOutputContainer().putText(table.print(table.rowCount()));
                });
    }

    static String html(Table table) {
        StringBuilder html =
                new StringBuilder("<table>\n<caption>" + Html.text(table.name()) + "</caption>\n<thead><tr>");
        for (Column<?> column : table.columns()) {
            html.append("<th scope=\"col\">").append(Html.text(column.name())).append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (int row = 0; row < table.rowCount(); row++) {
            html.append("<tr>");
            for (Column<?> column : table.columns()) {
                html.append("<td>").append(Html.text(column.getString(row))).append("</td>");
            }
            html.append("</tr>\n");
        }
        return html.append("</tbody>\n</table>").toString();
    }
}
