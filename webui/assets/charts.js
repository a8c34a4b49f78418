// The part of Apache ECharts that the pages draw with.  import { echarts } from "…/vendor/charts.js"
import * as echarts from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([
  BarChart, LineChart,
  AriaComponent, GridComponent, LegendComponent, TooltipComponent,
  CanvasRenderer,
]);

export { echarts };
