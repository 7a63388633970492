/** The style sheet of a report: dark and light by the reader's setting, blue and orange for sides. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--ground:#f6f7f9;--panel:#fff;--line:#dfe4ea;--text:#17202b;--soft:#546273;
--net:#1d2733;--gross:#7a8797;--buy:#0b6bcb;--sell:#b85a00;--fair:#6f4bc4;--spread:#0b6bcb;--adverse:#b85a00;
--held:#6f4bc4;--gain:#0a7a4b;--loss:#c02a1d;--shade:#0b6bcb1f}
@media (prefers-color-scheme:dark){:root{--ground:#0b0f14;--panel:#10161e;--line:#212c3a;--text:#e3e9f1;
--soft:#8c9bae;--net:#e3e9f1;--gross:#75859a;--buy:#2f9bff;--sell:#ff9f40;--fair:#c4a7ff;--spread:#2f9bff;
--adverse:#ff9f40;--held:#c4a7ff;--gain:#3ddc97;--loss:#ff7a6e;--shade:#2f9bff24}}
*{box-sizing:border-box;margin:0}
body{background:var(--ground);color:var(--text);font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;
font-variant-numeric:tabular-nums;padding:24px 16px 48px}
main,header,footer{max-width:1120px;margin:0 auto}
h1{font-size:28px;line-height:1.25;margin:4px 0 8px;text-wrap:balance}
h2{font-size:18px;margin:0 0 4px}
p{max-width:76ch}
section{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:18px 20px;margin:16px 0}
.meta{color:var(--soft);font-size:13px;overflow-wrap:anywhere}
.lead{font-size:17px;margin:6px 0}
.soft,.caption,small{color:var(--soft)}
.caption{font-size:13px;margin-top:4px}
code{font:13px/1.5 ui-monospace,"DejaVu Sans Mono",monospace;background:var(--ground);border:1px solid var(--line);
border-radius:4px;padding:1px 5px;overflow-wrap:anywhere}
pre{overflow-x:auto}
.gain{color:var(--gain)}.loss{color:var(--loss)}.meta a{color:inherit}
nav{display:flex;flex-wrap:wrap;gap:4px 14px;font-size:13px;margin-top:10px}
nav a{color:var(--soft)}
ul{padding-left:20px;max-width:80ch}
li{margin:2px 0}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:10px;margin:0}
.tiles div{border:1px solid var(--line);border-radius:6px;padding:8px 10px}
.tiles dt{color:var(--soft);font-size:13px}
.tiles dd{margin:0;font-size:19px;font-weight:600}
.tiles dd small{display:block;font-size:12px;font-weight:400}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:5px 8px;border-bottom:1px solid var(--line);vertical-align:middle}
thead th{color:var(--soft);font-size:13px;font-weight:400}
th[scope=row]{font-weight:600;white-space:nowrap}
.numbers td,.numbers th:not(:first-child){text-align:right;white-space:nowrap}
.scroll{overflow-x:auto}
.log{width:auto}.log td:last-child{overflow-wrap:anywhere}
.money{text-align:right;white-space:nowrap;font-weight:600}
.waterfall .steps{width:34%}
.waterfall .says{font-size:13px;color:var(--soft)}
.waterfall tfoot th,.waterfall tfoot td{border-bottom:0;border-top:2px solid var(--line)}
.fall,.meter{position:relative;height:20px}
.fall i,.meter i{position:absolute;top:0;bottom:0;border-radius:2px;min-width:1px}
.fall .zero{border-left:1px solid var(--soft);border-radius:0}
.fall .gain{background:var(--gain)}.fall .loss{background:var(--loss)}
.fall .net{outline:2px solid var(--text);outline-offset:-2px}
.meter{min-width:110px}.meter i{background:var(--buy);left:0;top:4px;bottom:4px}
figure{margin:32px 0 0}
figcaption{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline;font-size:13px;margin-bottom:6px}
figcaption b{font-size:14px}
.legend{display:flex;flex-wrap:wrap;gap:2px 12px;color:var(--soft)}
.key i{display:inline-block;width:18px;height:0;border-top:2px solid var(--ink);vertical-align:middle;margin-right:5px}
.key.dashed i{border-top-style:dashed}
.key.dots i{width:8px;height:8px;border:0;border-radius:50%;background:var(--ink)}
.key.dots.ink-sell i{border-radius:1px}
.plot{position:relative;height:220px;margin:0 0 22px 62px;border-left:1px solid var(--line);border-bottom:1px solid var(--line)}
.low .plot{height:130px}
.plot svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
.y-axis span{position:absolute;right:100%;margin-right:7px;transform:translateY(-50%);font-size:12px;color:var(--soft);white-space:nowrap}
.x-axis span{position:absolute;top:100%;margin-top:3px;transform:translateX(-50%);font-size:12px;color:var(--soft);white-space:nowrap}
.plot:not(.still) .x-axis span:first-child{transform:none}
path{fill:none;vector-effect:non-scaling-stroke;stroke:var(--ink);stroke-width:1.6;stroke-linejoin:round}
path.grid{stroke:var(--line);stroke-width:1}
path.zero{stroke:var(--soft)}
path.dashed{stroke-dasharray:5 4}
path.dots{stroke-width:5;stroke-linecap:round}
path.dots.ink-sell{stroke-linecap:square;stroke-width:4}
path.dots.many{stroke-width:3}
path.area{stroke:none;fill:var(--ink);fill-opacity:.16}
.ink-net{--ink:var(--net)}.ink-gross{--ink:var(--gross)}.ink-buy{--ink:var(--buy)}.ink-sell{--ink:var(--sell)}
.ink-fair{--ink:var(--fair)}.ink-spread{--ink:var(--spread)}.ink-adverse{--ink:var(--adverse)}
.ink-held{--ink:var(--held)}.ink-soft{--ink:var(--soft)}
.dots-area{position:absolute;inset:0}
.dots-area .line{position:absolute;left:0;right:0;border-top:1px solid var(--line)}
.dots-area .line.zero{border-color:var(--soft)}
.dot{position:absolute;width:10px;height:10px;border-radius:50%;background:var(--ink);transform:translate(-50%,-50%)}
.dot.sells{border-radius:1px}
.whisker{position:absolute;width:0;border-left:2px solid var(--ink);transform:translateX(-1px)}
.reading{position:absolute;top:0;pointer-events:none;background:var(--panel);border:1px solid var(--line);border-radius:6px;
padding:5px 8px;font-size:12px;white-space:nowrap;z-index:1;box-shadow:0 2px 8px #0003}
.reading b{display:block;color:var(--soft);font-weight:400}
.hair{position:absolute;top:0;bottom:0;width:0;border-left:1px solid var(--soft);pointer-events:none}
details summary{cursor:pointer;color:var(--soft)}
.settings{columns:3 240px;font-size:13px;margin-top:8px}
.settings div{display:flex;justify-content:space-between;gap:8px;break-inside:avoid;border-bottom:1px solid var(--line);padding:2px 0}
.settings span{color:var(--soft)}
@media (max-width:700px){body{padding:14px 8px 32px;font-size:14px}h1{font-size:22px}section{padding:14px 12px}
.plot{margin-left:50px;height:190px}.tiles{grid-template-columns:repeat(2,1fr)}
.waterfall thead{display:none}.waterfall tr{display:grid;grid-template-columns:1fr auto;border-bottom:1px solid var(--line);padding:6px 0}
.waterfall th,.waterfall td{border:0!important;padding:2px 0}.waterfall .steps,.waterfall .says{grid-column:1/-1;width:auto}
.waterfall tfoot tr{border-top:2px solid var(--line);border-bottom:0}
.plot:not(.still) .x-axis span:nth-child(even){display:none}.still .x-axis span{font-size:11px}}
@media print{body{background:#fff}section{break-inside:avoid}}
`;
