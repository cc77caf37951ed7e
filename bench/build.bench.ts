// A project of 500 files with 50 steps: `tspc` with the plugin against `tspc` with a plugin that does nothing. Whole processes for a build
// of all files, the first one and those after it; for an edit in watch mode, the time from the write to the compiler's `Found 0 errors`.

import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { median, ratio, report } from './support/figures.js'
import { type Cost, cost } from './support/processes.js'
import { FILES, STEPS, type StepsProject, writeStepsProject } from './support/steps-project.js'

const ROUNDS = 7
const EDITS = 9
const TSPC = createRequire(import.meta.url).resolve('ts-patch/bin/tspc.js')

const PLUGIN = { transform: 'mintmark/transformer', transformProgram: true }
const NOTHING = 'module.exports = (program) => program\n'

export async function run(): Promise<void> {
  const project = writeStepsProject()
  try {
    writeFileSync(path.join(project.dir, 'nothing.cjs'), NOTHING)
    const ours = project.configure('ours', [PLUGIN])
    const plain = project.configure('plain', [{ transform: './nothing.cjs', transformProgram: true }])
    buildAll(project, ours, plain)
    await editInWatch(project, ours, plain)
  } finally {
    project.remove()
  }
}

function buildAll({ dir, helper }: StepsProject, ours: string, plain: string): void {
  const build = (config: string): Cost => {
    for (const name of ['ours', 'plain']) rmSync(path.join(dir, `dist-${name}`), { recursive: true, force: true })
    return cost([TSPC, '-p', config], dir)
  }
  const first = (): Cost => {
    rmSync(path.join(dir, 'node_modules/.cache'), { recursive: true, force: true })
    return build(ours)
  }
  const edited = (factor: number): Cost => {
    writeFileSync(helper.file, helper.text(factor))
    return build(ours)
  }
  first()
  build(plain)
  const [firsts, laters, edits, peers]: [Cost[], Cost[], Cost[], Cost[]] = [[], [], [], []]
  for (let i = 0; i < ROUNDS; i++) {
    firsts.push(first())
    peers.push(build(plain))
    laters.push(build(ours))
    edits.push(edited(i + 2))
  }
  writeFileSync(helper.file, helper.text(1))
  const kinds = [
    ['the first build of all', firsts],
    ['with what the one before has found out', laters],
    ['after an edit of a helper', edits],
  ] as const
  for (const [kind, costs] of kinds) {
    for (const key of ['userMs', 'wallMs', 'peakMb'] as const) {
      const [own, peer] = [costs.map((c) => c[key]), peers.map((c) => c[key])]
      const what = `tspc, ${FILES} files with ${STEPS} steps, ${kind}, ${key}`
      report(what, median(own), 'with a plugin that does nothing', median(peer), ratio(own, peer))
    }
  }
}

async function editInWatch(project: StepsProject, ours: string, plain: string): Promise<void> {
  const own = await watch(project, ours)
  const peer = await watch(project, plain)
  const told = `${median(own).toFixed(0)} ms; with a plugin that does nothing: ${median(peer).toFixed(0)} ms`
  process.stdout.write(`  tspc --watch, one edit: ${told}; over it ${(median(own) - median(peer)).toFixed(0)} ms\n`)
}

/** How long each edit took. */
async function watch({ dir, helper }: StepsProject, config: string): Promise<number[]> {
  const child = spawn(process.execPath, [TSPC, '-w', '-p', config], { cwd: dir, stdio: ['ignore', 'pipe', 'inherit'] })
  const waiting: (() => void)[] = []
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk
    for (let at = text.indexOf('Found 0 errors'); at >= 0; at = text.indexOf('Found 0 errors')) {
      text = text.slice(at + 1)
      waiting.shift()?.()
    }
  })
  const found = (): Promise<void> => new Promise((resolve) => void waiting.push(resolve))
  const times: number[] = []
  try {
    await found()
    for (let i = 0; i < EDITS; i++) {
      await new Promise((resolve) => setTimeout(resolve, 1500))
      waiting.length = 0
      const began = performance.now()
      writeFileSync(helper.file, helper.text(i + 2))
      await found()
      times.push(performance.now() - began)
    }
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill()
    await ended
    writeFileSync(helper.file, helper.text(1))
  }
  return times
}
