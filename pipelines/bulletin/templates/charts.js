/* Draws every chart from its JSON data. On paper a chart takes the width of the page. */
(function () {
  const PAPER_WIDTH = 660;
  const charts = Array.from(document.querySelectorAll("script[data-chart]"), function (data) {
    const place = document.getElementById(data.dataset.chart);
    const figure = JSON.parse(data.textContent);
    Plotly.newPlot(place, figure.data, figure.layout, {
      responsive: true,
      displayModeBar: false,
      scrollZoom: false,
      doubleClick: false,
    });
    return place;
  });
  function resize(width) {
    charts.forEach(function (place) {
      Plotly.relayout(place, width ? { width: width } : { width: null, autosize: true });
    });
  }
  window.addEventListener("beforeprint", function () { resize(PAPER_WIDTH); });
  window.addEventListener("afterprint", function () { resize(null); });
})();
