package fr.cours.kernel;

import fr.cours.figures.AttentionView;
import fr.cours.figures.Figure;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Montre une {@link Figure} : l'image, sa taille, et sa description partout où Jupyter sait la garder. */
final class FigureRenderer {
    /** Dans JupyterLab, les flèches et Entrée vont aux boutons de la vue au lieu de commander le carnet. */
    private static final String OWN_KEYS = " data-lm-suppress-shortcuts";

    private FigureRenderer() {}

    static void register(Renderer renderer) {
        renderer.createRegistration(Figure.class)
                .preferring(MIMEType.IMAGE_PNG, MIMEType.TEXT_PLAIN)
                .register(FigureRenderer::render);
        renderer.createRegistration(AttentionView.class)
                .preferring(MIMEType.TEXT_HTML, MIMEType.IMAGE_PNG, MIMEType.TEXT_PLAIN)
                .register((view, context) -> {
                    context.getOutputContainer().putHTML(view.html(OWN_KEYS));
                    render(view.draw(), context); // l'image, là où le HTML n'est pas montré
                });
    }

    private static void render(Figure figure, RenderContext context) {
        DisplayData out = context.getOutputContainer();
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("width", figure.width());
        metadata.put("height", figure.height());
        metadata.put("alt", figure.description());
        out.putData(MIMEType.IMAGE_PNG, Base64.getEncoder().encodeToString(figure.png()));
        out.putMetaData(MIMEType.IMAGE_PNG, metadata);
        out.putText(figure.description());
    }
}
