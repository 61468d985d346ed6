export { axisX, barX, dot, gridX, plot, ruleY, text } from "@observablehq/plot";
