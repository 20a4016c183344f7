/** Address of a boxed guest value. */
export type Value = number & { readonly guestValue: unique symbol };

/** What quickjs-wasi 3.6.2 exports, as far as it is used. */
export interface GuestExports {
  readonly memory: WebAssembly.Memory & { readonly buffer: ArrayBuffer };
  readonly __stack_pointer: WebAssembly.Global;
  _initialize(): void;
  qjs_init2(intrinsics: number): number;
  qjs_set_memory_limit(bytes: number): void;
  qjs_set_max_stack_size(bytes: number): void;
  qjs_set_interrupt_handler(enable: number): void;
  qjs_get_runtime_ptr(): number;
  qjs_get_context_ptr(): number;
  qjs_set_runtime_and_context(runtime: number, context: number): void;
  qjs_eval(code: number, codeBytes: number, file: number, flags: number): Value;
  qjs_call(guestFunction: Value, self: Value, argc: number, argv: number): Value;
  qjs_get_undefined(): Value;
  qjs_is_exception(value: Value): number;
  qjs_get_exception(): Value;
  qjs_free_value(value: Value): void;
  qjs_get_value_ptr(value: Value): number;
  qjs_get_float64(value: Value): number;
  qjs_new_number(value: number): Value;
  qjs_get_prop_string(object: Value, name: number): Value;
  qjs_new_host_function(name: number, nameBytes: number, argumentCount: number): Value;
  qjs_new_array_buffer(data: number, bytes: number): Value;
  qjs_get_array_buffer(buffer: Value, lengthOut: number): number;
  qjs_promise_state(promise: Value): number;
  qjs_promise_result(promise: Value): Value;
  qjs_is_job_pending(): number;
  qjs_execute_pending_job(): number;
  wasm_malloc(bytes: number): number;
  wasm_free(address: number): void;
}
