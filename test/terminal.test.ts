// What the command lines show where there is a terminal, where there is none, and where someone wants no colours. The terminal is a real one, by `script`.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const FLOW = fileURLToPath(new URL('support/counted-flow.js', import.meta.url))
const COMMAND = fileURLToPath(new URL('../cli/main.js', import.meta.url))
// A terminal of any other `script` is asked for by other words.
const hasTerminal = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true

let dir = ''
test.before(() => {
  dir = mkdtempSync(join(tmpdir(), 'mintmark-terminal-'))
})
test.after(() => rmSync(dir, { recursive: true, force: true }))

interface Screen {
  readonly terminal: 'none' | 'sized' | 'unsized'
  readonly env?: NodeJS.ProcessEnv
}

/** Both outputs. */
function shown(args: readonly string[], { terminal, env = {} }: Screen): string {
  const { NO_COLOR: _none, FORCE_COLOR: _force, ...outer } = process.env
  const command = [process.execPath, ...args]
  const options = { cwd: dir, encoding: 'utf8' as const, env: { ...outer, TERM: 'xterm', ...env }, input: '' }
  const quoted = command.map((word) => `'${word}'`).join(' ')
  if (terminal !== 'none')
    return execFileSync('script', ['-qec', terminal === 'sized' ? `stty rows 24 cols 80; ${quoted}` : quoted, '/dev/null'], options)
  const { stdout, stderr, status } = spawnSync(command[0]!, command.slice(1), options)
  assert.is(status, 0)
  return stdout + stderr
}

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'a run': [FLOW, 'run', '--store', 'flow'],
  doctor: [COMMAND, 'cache', 'doctor', '--store', 'flow'],
  verify: [COMMAND, 'cache', 'verify', '--store', 'flow'],
}

const SCREENS: Readonly<Record<string, Screen & { readonly colours: boolean; readonly redraws: boolean }>> = {
  'a pipe': { terminal: 'none', colours: false, redraws: false },
  'a terminal': { terminal: 'sized', colours: true, redraws: true },
  'a terminal and NO_COLOR': { terminal: 'sized', env: { NO_COLOR: '1' }, colours: false, redraws: true },
  'a terminal that tells no size': { terminal: 'unsized', env: { NO_COLOR: '1' }, colours: false, redraws: false },
  'a terminal that can do nothing': { terminal: 'sized', env: { TERM: 'dumb', NO_COLOR: '1' }, colours: false, redraws: false },
}

const COLOUR = '\u001b[3'
/** Clears a line, or hides the cursor while lines may change: a run may be over before any has. */
const REDRAW = /\[\d*K|\[\?25l/

for (const [where, { colours, redraws, ...screen }] of Object.entries(SCREENS)) {
  if (screen.terminal !== 'none' && !hasTerminal) continue
  for (const [what, args] of Object.entries(COMMANDS)) {
    // The others draw one line, which needs no size.
    if (screen.terminal === 'unsized' && what !== 'a run') continue
    test(`${what} on ${where}: ${colours ? 'colours' : 'no colours'}, ${redraws ? 'lines that change in place' : 'lines that stay'}`, () => {
      const text = shown(args, screen)
      if (what === 'a run') assert.match(text, /work\S* 3\/3/)
      // Neither is asked for by every command.
      if (what !== 'verify') assert.is(text.includes(COLOUR), colours)
      if (what !== 'doctor') assert.is(REDRAW.test(text), redraws)
      if (!colours && !redraws) assert.not.match(text, '\u001b')
    })
  }
}

test.run()
