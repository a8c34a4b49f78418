// What only pictures to save need of the charts: SVG, a title and a legend.  import "…/vendor/saving.js"
// By their own files: what is named in an index that both scripts import is loaded with the charts.
import * as echarts from "echarts/core";
import { install as LegendComponent } from "echarts/lib/component/legend/install.js";
import { install as TitleComponent } from "echarts/lib/component/title/install.js";
import { install as SVGRenderer } from "echarts/lib/renderer/installSVGRenderer.js";

echarts.use([LegendComponent, TitleComponent, SVGRenderer]);
