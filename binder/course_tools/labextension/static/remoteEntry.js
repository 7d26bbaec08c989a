// JupyterLab montre une image sans dire ce qu’elle montre. Le noyau met la description de chaque figure dans les
// métadonnées de sa sortie ; cette extension la donne à l’image (attribut « alt »), pour qui ne la voit pas.
// Elle est écrite à la main sous la forme que JupyterLab et Notebook 7 chargent : un module de fédération.

(() => {
  const IMAGE = "image/png";
  let shared; // les modules que l’application prête

  async function borrow(name) {
    const version = Object.values(shared[name])[0];
    return (await version.get())();
  }

  async function extension() {
    const { imageRendererFactory } = await borrow("@jupyterlab/rendermime");

    function createRenderer(options) {
      const renderer = imageRendererFactory.createRenderer(options);
      const render = renderer.renderModel.bind(renderer);
      renderer.renderModel = async model => {
        await render(model);
        const { alt } = model.metadata[IMAGE] ?? {};
        const image = renderer.node.querySelector("img");
        if (alt && image) {
          image.alt = alt;
        }
      };
      return renderer;
    }

    return {
      __esModule: true,
      default: {
        id: "cours-attention:figures",
        dataType: "string",
        rendererFactory: { ...imageRendererFactory, mimeTypes: [IMAGE], createRenderer },
        rank: 90 // celui du rendu d’origine, qu’il remplace : une vue à explorer (HTML, 50) passe avant son image
      }
    };
  }

  (window._JUPYTERLAB ??= {})["cours-attention"] = {
    init: modules => {
      shared = modules;
    },
    get: async () => {
      const module = await extension();
      return () => module;
    }
  };
})();
