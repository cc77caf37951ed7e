// A webpack loader that takes the types away, and keeps the map of what came before it.

const { transformSync } = require('esbuild')

module.exports = function stripTypes(text, map) {
  const tsconfigRaw = { compilerOptions: { experimentalDecorators: true } }
  const before = map ? `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}` : ''
  const out = transformSync(`${text}${before}`, { loader: 'ts', sourcefile: this.resourcePath, sourcemap: 'external', tsconfigRaw })
  this.callback(null, out.code, JSON.parse(out.map))
}
