// Records what a test can't see from outside: the levels of the loudspeaker and the room, the messages between page and
// relay with their times, the notices, even those shown for a moment, and the devices that the page has opened.
window.watched = { levels: [], room: [], frames: [], sent: [], notices: [], tracks: [], contexts: [] };

let shown = "";
new MutationObserver(() => {
  const text = [...document.querySelectorAll("[role=status], [role=alert]")].map((one) => one.textContent).join("\n");
  if (text !== shown) window.watched.notices.push([performance.now(), text]);
  shown = text;
}).observe(document, { subtree: true, childList: true, characterData: true });

function listen(ear, levels, silent = () => false) {
  const samples = new Float32Array(ear.fftSize);
  setInterval(() => {
    ear.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    levels.push([performance.now(), silent() ? 0 : Math.sqrt(power)]);
  }, 20);
}

const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (target, ...rest) {
  if (target instanceof AudioDestinationNode) {
    const ear = new AnalyserNode(this.context, { fftSize: 1024, smoothingTimeConstant: 0 });
    connect.call(this, ear);
    listen(ear, window.watched.levels);
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

  send(data) {
    if (typeof data === "string") window.watched.sent.push([performance.now(), data]);
    super.send(data);
  }
};

const Context = window.AudioContext;
window.AudioContext = class extends Context {
  constructor(...options) {
    super(...options);
    window.watched.contexts.push(this);
  }
};

const devices = navigator.mediaDevices;
const getUserMedia = devices.getUserMedia.bind(devices);
devices.getUserMedia = async (constraints) => {
  const stream = await getUserMedia(constraints);
  window.watched.tracks.push(...stream.getTracks());
  return stream;
};

const play = HTMLMediaElement.prototype.play;
const heard = new WeakSet();
HTMLMediaElement.prototype.play = function () {
  const stream = this.srcObject;
  if (this instanceof HTMLAudioElement && stream && !heard.has(stream)) {
    heard.add(stream);
    const context = new Context();
    const ear = new AnalyserNode(context, { fftSize: 1024, smoothingTimeConstant: 0 });
    connect.call(context.createMediaStreamSource(stream), ear);
    listen(ear, window.watched.room, () => this.muted || this.paused || this.srcObject !== stream);
  }
  return play.call(this);
};
