/** Colours mean the same everywhere: blue is what blocks do, orange is on-demand, violet the original scripts, grey service, red harm. */
const LIGHT = `
--page:#f4f6f9;--cue:#8493a9;--card:#fff;--ink:#182231;--muted:#536074;--rule:#dde3ec;--band:#eef3fa;
--requesting:#aab4c3;--resting:#cf8fb8;--joining:#8fc3f2;--serving:#2b74cf;--draining:#eba11a;--terminating:#69758a;
--harm:#c8202f;--good:#13744a;--wanted:#c9d5e6;--wanted-ink:#72819a;--run:#1f66c4;--overflow:#b54e08;--original:#7443bd;--rival:#3c4a5e;--service:#9aa6b8;
--v0:#1f66c4;--v1:#0f7f73;--v2:#b3256e;--v3:#8a6a00;--v4:#3f8f2b;--v5:#5a5fd6;--v6:#a4462a;--v7:#53708c`;

const DARK = `
--page:#0e131a;--cue:#66748b;--card:#161d28;--ink:#e7ecf4;--muted:#a0adc0;--rule:#2c3748;--band:#1c2635;
--requesting:#66738a;--resting:#c77fae;--joining:#2f6391;--serving:#4b97ea;--draining:#f0b23f;--terminating:#98a4b7;
--harm:#ff7480;--good:#58c994;--wanted:#33445c;--wanted-ink:#8da0bb;--run:#63a8f5;--overflow:#f2914d;--original:#b797f3;--rival:#c3cede;--service:#7f8da3;
--v0:#63a8f5;--v1:#4ec4b6;--v2:#ee7fb5;--v3:#dcb84b;--v4:#84cf6f;--v5:#a3a7ff;--v6:#ee9d82;--v7:#a0b6cd`;

const fills = [
  'requesting',
  'resting',
  'joining',
  'serving',
  'draining',
  'terminating',
  'overflow',
  'original',
  'run',
  'service',
  'harm',
]
  .map((name) => `.${name}{fill:var(--${name})}`)
  .join('');
const strokes = [
  'harm',
  'run',
  'overflow',
  'original',
  'rival',
  'serving',
  'v0',
  'v1',
  'v2',
  'v3',
  'v4',
  'v5',
  'v6',
  'v7',
]
  .map((name) => `.l-${name}{fill:none;stroke:var(--${name})}.t-${name}{fill:var(--${name})}`)
  .join('');

/** The style sheet of every report; nothing foreign is ever put into it. */
export const STYLE = `:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1240px;margin:0 auto;padding:28px 20px 56px}
header{margin:0 4px 20px}
h1{margin:0;font-size:1.9rem;line-height:1.2;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{margin:0 0 2px;font-size:1.1rem}
p{margin:.3rem 0;overflow-wrap:anywhere}
.about{font-size:1.05rem;max-width:62rem}
.lead,.meta,.note{color:var(--muted)}
.lead{margin:0 0 10px}
.meta{display:flex;flex-wrap:wrap;gap:2px 22px;margin:10px 0 0;padding:0;list-style:none;font-size:.88rem}
.meta b{color:var(--ink);font-weight:600;overflow-wrap:anywhere}
.composed{margin:10px 0 0;padding:0;list-style:none;font-size:.9rem}
.composed li{border-left:3px solid var(--draining);padding-left:10px;margin:3px 0;overflow-wrap:anywhere}
.headline{font-size:1.2rem;font-weight:600;margin:12px 0 6px;max-width:62rem}
.levers{margin:.2rem 0;padding-left:1.2rem;max-width:62rem}
.bad{color:var(--harm)}
th small{display:block;font-weight:400;color:var(--muted);font-size:.8rem;white-space:normal}
.figures{display:grid;grid-template-columns:repeat(6,1fr);gap:12px;margin:0 0 16px}
.figures div,section{background:var(--card);border:1px solid var(--rule);border-radius:10px}
.figures div{padding:12px 14px}
.figures dt{color:var(--muted);font-size:.82rem}
.figures dd{margin:0;font-size:1.45rem;font-weight:650;font-variant-numeric:tabular-nums;line-height:1.3}
.figures dd small{display:block;font-size:.78rem;font-weight:400;color:var(--muted)}
section{padding:16px 18px;margin:0 0 16px}
.chart{display:block;width:100%;height:auto;overflow:visible}
.scroll+.legend{margin-top:12px}
.legend{display:flex;flex-wrap:wrap;gap:3px 18px;margin:0 0 8px;padding:0;list-style:none;font-size:.84rem;color:var(--muted)}
.legend svg{width:14px;height:10px;margin-right:6px}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(340px,100%),1fr));gap:14px 22px}
figure{margin:0;min-width:0}
figcaption{font-size:.86rem;font-weight:600;overflow-wrap:anywhere}
figcaption span{font-weight:400;color:var(--muted)}
.scroll{overflow-x:auto;background:linear-gradient(90deg,var(--card) 40%,transparent),linear-gradient(270deg,var(--card) 40%,transparent) 100% 0,linear-gradient(90deg,var(--cue),transparent),linear-gradient(270deg,var(--cue),transparent) 100% 0;background-repeat:no-repeat;background-size:48px 100%,48px 100%,16px 100%,16px 100%;background-attachment:local,local,scroll,scroll}
.wide{min-width:720px}
.scroll+.scroll{margin-top:18px}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;width:100%}
th,td{padding:5px 12px;text-align:right;border-bottom:1px solid var(--rule);white-space:nowrap}
th{font-weight:500}
th:first-child,td:first-child{text-align:left;padding-left:0;white-space:normal;overflow-wrap:anywhere;min-width:9rem}
thead th{white-space:normal;color:var(--muted);font-size:.82rem;vertical-align:bottom}
tr:last-child>*{border-bottom:0}
.total>*{font-weight:650}
.sub>th:first-child{padding-left:16px;color:var(--muted)}
.missed td:last-child{color:var(--harm);font-weight:650}
.holds td:last-child{color:var(--good)}
pre{margin:0;padding:10px 12px;background:var(--band);border-radius:6px;font:.88rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
svg text{fill:var(--muted);font-size:12px;font-variant-numeric:tabular-nums}
/* Small pictures are drawn smaller than the page's own text. */
.grid svg text{font-size:14px}
svg .name{fill:var(--ink)}
svg .strong{font-weight:650}
.end{text-anchor:end}.middle{text-anchor:middle}
.rule{stroke:var(--rule);stroke-width:1;fill:none;shape-rendering:crispEdges}
.band{fill:var(--band)}
.wanted{fill:var(--wanted)}
.l-wanted{fill:none;stroke:var(--wanted-ink);stroke-width:1}
.line{stroke-width:2;stroke-linejoin:round}
.thin{stroke-width:1.5;stroke-linejoin:round}
.dots{fill:none;stroke-linecap:round;stroke-width:3.4;stroke-opacity:.65}
.bought{stroke-width:5.5;stroke-opacity:.85}
.kill{fill:var(--card);stroke:var(--harm);stroke-width:1.8}
.notice{stroke:var(--harm);stroke-width:2.4;fill:none;stroke-linecap:round}
.hit{fill:transparent}
g.block:hover{opacity:.75}
${fills}
${strokes}
@media (max-width:980px){table{font-size:.84rem}th,td{padding:5px 7px}.figures{grid-template-columns:repeat(3,1fr)}svg text{font-size:14px}}
@media (max-width:480px){.headline{font-size:1.08rem}th,td{padding:5px 5px}th:first-child,td:first-child{min-width:6.4rem}th small{font-size:.74rem}.grid svg text{font-size:16px}.figures{grid-template-columns:repeat(2,1fr)}}
@media print{body{background:#fff}section,.figures div{break-inside:avoid}}
`;
