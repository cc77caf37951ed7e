// What a whole process costs.

import { spawnSync } from 'node:child_process'

export interface Cost {
  readonly userMs: number
  readonly wallMs: number
  readonly peakMb: number
}

/** Runs `node args` and lets the child tell its own cost when it exits. */
export function cost(args: readonly string[], cwd: string, input = ''): Cost {
  const tell =
    'data:text/javascript,import fs from "node:fs"; process.on("exit", () => { const u = process.resourceUsage(); fs.writeSync(3, JSON.stringify([u.userCPUTime / 1000, u.maxRSS / 1024])) })'
  const began = performance.now()
  const child = spawnSync(process.execPath, ['--import', tell, ...args], {
    cwd,
    input,
    stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
    maxBuffer: 1e9,
  })
  if (child.status !== 0) throw new Error(`${args[0]} ended with ${child.status}`)
  const [userMs, peakMb] = JSON.parse(String(child.output[3])) as [number, number]
  return { userMs, peakMb, wallMs: performance.now() - began }
}
