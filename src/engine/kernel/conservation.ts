/**
 * Everything that enters a model leaves it once or is still inside: generated = completed + rejected + failed + in
 * flight. The model counts ends here and says independently, from its own queues, how many are in flight.
 */
export class Conservation {
  generated = 0;
  completed = 0;
  rejected = 0;
  failed = 0;

  /** The broken balance in words; undefined when it holds for `inFlight` counted by the model. */
  violation(inFlight: number): string | undefined {
    const accounted = this.completed + this.rejected + this.failed + inFlight;
    if (accounted === this.generated) return undefined;
    return (
      `${this.generated} were generated, but ${accounted} are accounted for: ${this.completed} completed, ` +
      `${this.rejected} rejected, ${this.failed} failed, ${inFlight} in flight.`
    );
  }
}
