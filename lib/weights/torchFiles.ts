import { InputError } from '../errors';

/** What files of `torch.save` begin with: an archive, or, of old, pickled right away. */
const OF_TORCH = ['504b0304', '80028a0a'];

/** A checkpoint keeps it beside other things, as `state_dict`, `model_state_dict` or `model`. */
const STATE_DICT =
  'd = next((v for v in [d, *d.values()] if isinstance(v, dict) and v and ' +
  'all(map(torch.is_tensor, v.values()))), d)';

/** @throws InputError where the bytes are a pickle; it says the command that makes safetensors of it */
export function refusePickled(bytes: Uint8Array, path: string): void {
  const convert = (load: string) => {
    const to = `${path.replace(/\.(pt|pth|bin|ckpt|tar|pkl|pickle)$/, '')}.safetensors`;
    return (
      'make safetensors of it by python -c "import json, pickle, sys, torch; from safetensors.torch ' +
      `import save_file; d = ${load}; ${STATE_DICT}; ` +
      'save_file({k: torch.as_tensor(v).contiguous().clone() for k, v in d.items()}, sys.argv[2], ' +
      `{'order': json.dumps(list(d))})" ${quoted(path)} ${quoted(to)}`
    );
  };
  if (OF_TORCH.includes(Buffer.from(bytes.subarray(0, 4)).toString('hex'))) {
    const load = "torch.load(sys.argv[1], 'cpu', weights_only=True)";
    throw new InputError(`${path} is a file of torch.save; ${convert(load)}`);
  }
  if (isPickle(bytes)) {
    const load = "pickle.load(open(sys.argv[1], 'rb'))";
    throw new InputError(
      `${path} is a file of pickle.dump; if you trust it, for code in it would run, ${convert(load)}`,
    );
  }
}

/** From PROTO and a version to STOP; where a safetensors' header begins there is no brace. */
function isPickle(bytes: Uint8Array): boolean {
  const [proto = 0, version = 0] = bytes;
  const isVersion = version >= 2 && version <= 5;
  return proto === 0x80 && isVersion && bytes[8] !== 0x7b && bytes.at(-1) === 0x2e;
}

/** A path as one word of a shell's. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
