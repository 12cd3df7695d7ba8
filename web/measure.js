// A short measurement of what the graphics adapter sustains through WebGPU: arithmetic in FP32 and FP16, and copying. It runs in a
// worker, so that ending the worker ends everything. Each rate is reported as soon as it is known; all are "at least": another
// program, a low power state or a laptop's power limit can only make them smaller.
//
// Asked with { milliseconds, bytes, software }; answers { adapter }, { quantity, rate } ..., then { ended: "done" | why not }.

const WORKGROUP = 256;
// Long enough that the way to the card and back does not count, short enough not to stall the display.
const SECONDS_PER_RUN = 0.06;
const RUNS = 3;
const ARITHMETIC_THREADS = 1 << 20;
const OPERATIONS_PER_ROUND = 4 * 8 * 4 * 2;

onmessage = async ({ data }) => {
  let ended = "failed";
  try {
    ended = await measure(data);
  } catch {
    // A driver may fail at any step; the page needs to know no more than that it did.
  }
  postMessage({ ended });
};

async function measure({ milliseconds, bytes, software }) {
  const end = performance.now() + milliseconds;
  if (!navigator.gpu) return "no-webgpu";
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) return "no-adapter";
  const { vendor = "", architecture = "", isFallbackAdapter = false } = adapter.info ?? {};
  postMessage({ adapter: { vendor, architecture } });
  if ((isFallbackAdapter || adapter.isFallbackAdapter) && !software) return "software";
  const half = adapter.features.has("shader-f16");
  const device = await adapter.requestDevice({ requiredFeatures: half ? ["shader-f16"] : [] });
  try {
    const share = (part) => performance.now() + (end - performance.now()) * part;
    report("fp32", await arithmetic(device, "f32", share(half ? 0.36 : 0.5)));
    if (half) report("fp16", await arithmetic(device, "f16", share(0.45)));
    report("copy", await copying(device, bytes, end));
  } finally {
    device.destroy();
  }
  return "done";
}

function report(quantity, rate) {
  if (rate > 0) postMessage({ quantity, rate });
}

/** Runs more and more at once until it takes long enough to time, and answers the best rate seen. */
async function best(device, encode, unit, end) {
  let amount = 1;
  let rate = 0;
  for (let runs = 0; runs < RUNS && performance.now() < end; ) {
    const encoder = device.createCommandEncoder();
    encode(encoder, amount);
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    const seconds = Math.max(performance.now() - start, 0.1) / 1000;
    rate = Math.max(rate, (amount * unit) / seconds);
    if (seconds >= SECONDS_PER_RUN / 2) runs += 1;
    // Fourfold at most: a slow card must never be given more than it can do in time.
    else amount *= Math.min(4, Math.max(2, Math.floor(SECONDS_PER_RUN / seconds)));
  }
  return rate;
}

/** Floating-point operations per second of chained multiply-adds in registers. */
async function arithmetic(device, type, end) {
  const step = ["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => `${name} = fma(${name}, m, k);`).join(" ");
  const code = `${type === "f16" ? "enable f16;" : ""}
    @group(0) @binding(0) var<uniform> factors: vec4<f32>;
    @group(0) @binding(1) var<storage, read_write> result: array<vec4<f32>>;
    @compute @workgroup_size(${WORKGROUP}) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
      let m = vec4<${type}>(${type}(factors.x));
      let k = vec4<${type}>(${type}(factors.y));
      let rounds = u32(factors.z);
      var a = vec4<${type}>(${type}(id.x % 7u)); var b = a + k; var c = b + k; var d = c + k;
      var e = d + k; var f = e + k; var g = f + k; var h = g + k;
      for (var i = 0u; i < rounds; i += 1u) { ${step} ${step} ${step} ${step} }
      result[id.x % ${WORKGROUP}u] = vec4<f32>(a + b + c + d + e + f + g + h);
    }`;
  const pipeline = await compute(device, code);
  const factors = device.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  const result = device.createBuffer({ size: WORKGROUP * 16, usage: GPUBufferUsage.STORAGE });
  const group = bind(device, pipeline, [factors, result]);
  const encode = (encoder, rounds) => {
    device.queue.writeBuffer(factors, 0, new Float32Array([0.999, 0.001, rounds, 0]));
    dispatch(encoder, pipeline, group, ARITHMETIC_THREADS / WORKGROUP);
  };
  return best(device, encode, ARITHMETIC_THREADS * OPERATIONS_PER_ROUND, end);
}

/** Bytes read and written per second between two buffers too large for any cache. */
async function copying(device, bytes, end) {
  const size = Math.floor(Math.min(bytes / 2, device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize) / 4096) * 4096;
  const groups = Math.min(size / 16 / WORKGROUP, device.limits.maxComputeWorkgroupsPerDimension);
  const code = (line) => `
    @group(0) @binding(0) var<storage, read_write> left: array<vec4<u32>>;
    @group(0) @binding(1) var<storage, read_write> right: array<vec4<u32>>;
    @compute @workgroup_size(${WORKGROUP}) fn main(@builtin(global_invocation_id) id: vec3<u32>) { let i = id.x; ${line} }`;
  // Not all zeros: memory controllers may pack those. Both kernels use both buffers, so that their layouts have both.
  const seed = "let x = (i + 1u) * 2654435761u; left[i] = vec4<u32>(x, x ^ 0x9e3779b9u, x * 747796405u, ~x); right[i] = left[i];";
  const fill = await compute(device, code(seed));
  const copy = await compute(device, code("right[i] = left[i];"));
  const buffer = () => device.createBuffer({ size, usage: GPUBufferUsage.STORAGE });
  const [left, right] = [buffer(), buffer()];
  const encoder = device.createCommandEncoder();
  dispatch(encoder, fill, bind(device, fill, [left, right]), groups);
  device.queue.submit([encoder.finish()]);
  await device.queue.onSubmittedWorkDone();
  const [there, back] = [bind(device, copy, [left, right]), bind(device, copy, [right, left])];
  const encode = (encoder, passes) => {
    for (let pass = 0; pass < passes; pass += 1) dispatch(encoder, copy, pass % 2 ? back : there, groups);
  };
  return best(device, encode, 2 * groups * WORKGROUP * 16, end);
}

function compute(device, code) {
  const module = device.createShaderModule({ code });
  return device.createComputePipelineAsync({ layout: "auto", compute: { module, entryPoint: "main" } });
}

function bind(device, pipeline, buffers) {
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  return device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
}

function dispatch(encoder, pipeline, group, groups) {
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(groups);
  pass.end();
}
