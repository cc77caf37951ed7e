// `mintmark/rolldown`.

import type { InputOptions, Plugin } from 'rolldown'
import { createRolldownPlugin } from 'unplugin'
import { type BundlerOptions, hooksOf, openSession, rollupHooks } from '../bundler.js'
import { packAliases, type Replacements } from '../replacements.js'

const create = createRolldownPlugin((options: BundlerOptions) => {
  const session = openSession(options)
  return {
    ...hooksOf(session),
    rolldown: { ...rollupHooks(session), options: (given) => session.replace(replacementsIn(given, session.cwd)) },
  }
})

/** https://rolldown.rs/reference/InputOptions.transform, https://rolldown.rs/reference/InputOptions.resolve */
function replacementsIn({ cwd, resolve, transform }: InputOptions, here: string): Replacements {
  return { defines: transform?.define ?? {}, aliases: packAliases(resolve?.alias, cwd ?? here) }
}

/** Stamps the steps of all files of the bundle. Put it first, before what turns TypeScript into JavaScript. Errors: MM5001, MM5030. */
export const mintmark = (options: BundlerOptions = {}): Plugin => create(options) as Plugin
