// What a run shows while it goes, on standard error: on a terminal one line a step that changes in place, elsewhere a line when something ends.

import type { WriteStream } from 'node:tty'
import { createLogUpdate } from 'log-update'
import colors from 'picocolors'
import type { FlowEvent } from '../runtime/events.js'
import { errorText } from '../runtime/trouble.js'

export interface Progress {
  show(event: FlowEvent): void
  /** A line of its own. */
  say(line: string): void
  close(): void
}

interface Tally {
  ahead: number
  running: number
  run: number
  hit: number
  resumed: number
  failed: number
}

const REDRAW_MS = 80
/** Without a terminal, how often steps under way are told. */
const HEARTBEAT_MS = 10_000

export function openProgress(stream: WriteStream): Progress {
  // One that tells no size, as under some job runners, would be drawn nothing.
  const live = stream.isTTY === true && process.env.TERM !== 'dumb' && stream.columns > 0 && stream.rows > 0
  const paint = colors.createColors(live && !process.env.NO_COLOR)
  const tallies = new Map<string, Tally>()
  const screen = live ? openScreen(stream) : undefined
  const timer = setInterval(redraw, live ? REDRAW_MS : HEARTBEAT_MS).unref()

  function tallyOf(step: string): Tally {
    let tally = tallies.get(step)
    if (tally === undefined) {
      tally = { ahead: 0, running: 0, run: 0, hit: 0, resumed: 0, failed: 0 }
      tallies.set(step, tally)
    }
    return tally
  }

  function line(step: string): string {
    const { ahead, running, run, hit, resumed, failed } = tallyOf(step)
    const over = run + hit + resumed + failed
    const parts = [
      run > 0 ? paint.green(`${run} done`) : '',
      hit > 0 ? paint.cyan(`${hit} hit`) : '',
      resumed > 0 ? paint.blue(`${resumed} resumed`) : '',
      running > 0 ? paint.yellow(`${running} running`) : '',
      failed > 0 ? paint.red(`${failed} failed`) : '',
    ].filter((part) => part !== '')
    return `${paint.bold(step)} ${over}/${ahead}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`
  }

  function redraw(): void {
    if (screen !== undefined) screen.draw([...tallies.keys()].map(line).join('\n'))
    else for (const [step, { running }] of tallies) if (running > 0) say(line(step))
  }

  function say(text: string): void {
    screen?.clear()
    stream.write(`${text}\n`)
  }

  /** Without a terminal a step is told when nothing more of it is known to come. */
  function settle(step: string): void {
    const { ahead, run, hit, resumed, failed } = tallyOf(step)
    if (!live && run + hit + resumed + failed === ahead) say(line(step))
  }

  function show(event: FlowEvent): void {
    switch (event.kind) {
      case 'run:start':
        say(`${event.flow} ${event.run}${event.resumes === undefined ? '' : `, which resumes ${event.resumes}`}`)
        break
      case 'tasks:ahead':
        tallyOf(event.step).ahead += event.count
        break
      case 'task:start':
        tallyOf(event.step).running++
        break
      case 'task:retry':
        say(paint.yellow(`${event.task} failed and is tried again (${event.failures}): ${briefly(event.error)}`))
        break
      case 'task:done': {
        const tally = tallyOf(event.step)
        tally[event.how]++
        if (event.how === 'run') tally.running--
        settle(event.step)
        break
      }
      case 'task:failed': {
        const tally = tallyOf(event.step)
        tally.failed++
        if (tally.running > 0) tally.running--
        say(paint.red(`${event.task} failed: ${briefly(event.error)}`))
        settle(event.step)
        break
      }
      case 'store:flush':
        if (event.pending > 0) say(`writing ${event.pending} more to ${event.store}`)
        break
      case 'store:flushed':
        if (event.failed > 0) say(paint.yellow(`${event.failed} of ${event.written + event.failed} could not be written to ${event.store}`))
        break
      case 'run:end': {
        redraw()
        screen?.close()
        const { run, hit, resumed, failed, savedMs } = event.counts
        const counts = [`${run} executed`, `${hit} hit`, resumed > 0 ? `${resumed} resumed` : '', failed > 0 ? `${failed} failed` : '']
        const told = counts.filter((part) => part !== '').join(', ')
        stream.write(`${event.flow} ${event.status} in ${seconds(event.durationMs)}: ${told}; ${seconds(savedMs)} saved\n`)
        if (event.status !== 'done') stream.write(`go on with: resume ${event.run}\n`)
      }
    }
  }

  return {
    show,
    say,
    close() {
      clearInterval(timer)
      screen?.close()
    },
  }
}

interface Screen {
  draw(text: string): void
  clear(): void
  close(): void
}

/** The changing lines at the foot of a terminal. They make way for whatever a step prints. */
function openScreen(stream: WriteStream): Screen {
  const update = createLogUpdate(stream)
  let drawing = false
  let open = true
  const restore = [process.stdout, process.stderr].map((output) => {
    const write = output.write
    output.write = ((...args: Parameters<typeof write>) => {
      if (!drawing) clear()
      return write.apply(output, args)
    }) as typeof write
    return () => {
      output.write = write
    }
  })

  function quietly(act: () => void): void {
    drawing = true
    act()
    drawing = false
  }

  function clear(): void {
    quietly(() => update.clear())
  }

  return {
    draw: (text) => quietly(() => update(text)),
    clear,
    close() {
      if (!open) return
      open = false
      quietly(() => update.done())
      for (const undo of restore) undo()
    },
  }
}

function briefly(error: unknown): string {
  return error instanceof Error ? error.message : errorText(error)
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
