// What a test can't see from outside: how loud the loudspeaker is, and what the relay said when.
window.watched = { levels: [], frames: [] };

const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (target, ...rest) {
  if (target instanceof AudioDestinationNode) {
    const ear = new AnalyserNode(this.context, { fftSize: 1024, smoothingTimeConstant: 0 });
    const samples = new Float32Array(ear.fftSize);
    connect.call(this, ear);
    setInterval(() => {
      ear.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      window.watched.levels.push([performance.now(), Math.sqrt(power)]);
    }, 20);
  }
  return connect.call(this, target, ...rest);
};

const Socket = window.WebSocket;
window.WebSocket = class extends Socket {
  constructor(...address) {
    super(...address);
    this.addEventListener("message", ({ data }) => {
      if (typeof data === "string") window.watched.frames.push([performance.now(), data]);
    });
  }
};
