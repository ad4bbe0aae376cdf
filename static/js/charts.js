/* Draws the pictures marked data-chart from the table beside them. The table is the source; no number lives here. */
(function () {
  "use strict";

  const drawn = [];

  function token(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function readTable(figure) {
    const rows = Array.from(figure.querySelectorAll("tbody tr"));
    return {
      labels: rows.map((row) => row.cells[0].textContent.trim()),
      values: rows.map((row) => Number(row.cells[1].dataset.value)),
      shown: rows.map((row) => row.cells[1].textContent.trim()),
      name: figure.querySelector("thead th:last-child").textContent.trim(),
    };
  }

  function axis(extra) {
    return Object.assign(
      {
        border: { color: token("--line-strong") },
        grid: { color: token("--line") },
        ticks: { color: token("--ink-soft"), font: { size: 15 }, maxRotation: 0, autoSkipPadding: 24 },
      },
      extra,
    );
  }

  function draw(figure) {
    const data = readTable(figure);
    const last = data.values.length - 1;
    const box = figure.querySelector("[data-chart-box]");
    box.hidden = false;
    Chart.defaults.font.family = token("--text-font");
    return new Chart(box.querySelector("canvas"), {
      type: figure.dataset.chart,
      data: {
        labels: data.labels,
        datasets: [
          {
            label: data.name,
            data: data.values,
            borderColor: token("--accent"),
            backgroundColor: token("--accent-tint"),
            borderWidth: 3,
            fill: true,
            tension: 0.25,
            /* The newest day is "today": the one marigold point. */
            pointRadius: data.values.map((_, index) => (index === last ? 6 : 0)),
            pointHitRadius: 14,
            pointBackgroundColor: token("--marigold"),
            pointBorderColor: token("--ink"),
            pointBorderWidth: 2,
          },
        ],
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: "nearest", axis: "x", intersect: false },
        scales: { x: axis({ grid: { display: false } }), y: axis({ beginAtZero: true, grace: "8%" }) },
        plugins: {
          legend: { display: false },
          tooltip: {
            backgroundColor: token("--ground"),
            titleColor: token("--ground-ink"),
            bodyColor: token("--ground-ink"),
            displayColors: false,
            padding: 12,
            bodyFont: { size: 16 },
            titleFont: { size: 16 },
            callbacks: { label: (item) => data.name + ": " + data.shown[item.dataIndex] },
          },
        },
      },
    });
  }

  function drawAll() {
    drawn.splice(0).forEach((chart) => chart.destroy());
    document.querySelectorAll("[data-chart]").forEach((figure) => drawn.push(draw(figure)));
  }

  /* Text on a canvas does not change when its font arrives late. */
  document.fonts.load("16px 'Atkinson Hyperlegible Next'").finally(drawAll);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  document.addEventListener("htmx:afterSwap", drawAll);
})();
