// Every error and warning of the run time: a stable code, what happened, where, and the way out.

export class MintmarkError extends Error {
  override readonly name = 'MintmarkError'
  readonly code: string

  /** The message starts with the code: `MM2003 cannot store ...`. */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(`${code} ${message}`, options)
    this.code = code
  }
}

// Codes: MM1xxx build time, MM2xxx values and keys, MM3xxx stores, MM4xxx flows and runs, MM5xxx command line and configuration.

/** The way out where code has no stamp. */
export const ADD_THE_PLUGIN =
  'Add { "transform": "mintmark/transformer", "transformProgram": true } to `compilerOptions.plugins` of tsconfig.json and build with `tspc`; ' +
  'or give your bundler its plugin (`mintmark/esbuild`, `mintmark/vite` and so on), before those that compile TypeScript.'
