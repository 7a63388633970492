import { createCommandStream } from "/work/wt/bench/core/command-stream.ts";
import { createPipeline } from "/work/wt/bench/core/pipeline.ts";
import { createBookContender } from "/work/wt/bench/core/contender.ts";
const resting=Number(process.argv[2]??10000), prices=Number(process.argv[3]??512), what=process.argv[4]??"pipeline", rounds=Number(process.argv[5]??60);
const per=50000;
const stream=createCommandStream({seed:7,resting,prices,more:per*rounds});
const c= what==="pipeline"?createPipeline(stream,{everyRule:false}): what==="rules"?createPipeline(stream,{everyRule:true}):createBookContender(stream,what as any);
for(let i=0;i<resting;i++)c.apply(i);
const out:number[]=[];
for(let r=0;r<rounds;r++){const t=performance.now();for(let i=resting+r*per;i<resting+(r+1)*per;i++)c.apply(i);out.push(per/(performance.now()-t)/1000);}
out.sort((a,b)=>b-a);
console.log(what,resting,prices,"best",out[0].toFixed(2),"2nd",out[1].toFixed(2),"p80",out[Math.floor(rounds*.2)].toFixed(2),"p50",out[rounds>>1].toFixed(2));
