// node reader.js WHICH URL: reads a stream to its `done` with a real client, and prints what that
// client gave, as one JSON array of [id, name, data]; ASCII, so that nothing is lost on the way.
import { EventSourceParserStream } from "eventsource-parser/stream";
import { EventSource } from "undici";

const NAMES =
  "status skipped sources_preview page sources token claim error done heartbeat message".split(" ");

function undici(url) {
  return new Promise((resolve, reject) => {
    const events = [];
    const stream = new EventSource(url);
    for (const name of NAMES) {
      stream.addEventListener(name, (event) => {
        if (event.data === undefined) {
          stream.close();
          reject(new Error(`the connection broke after ${events.length} events`));
          return;
        }
        events.push([event.lastEventId, name, event.data]);
        if (name === "done") {
          stream.close();
          resolve(events);
        }
      });
    }
  });
}

async function parser(url) {
  const events = [];
  const response = await fetch(url, { headers: { Accept: "text/event-stream" } });
  const stream = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ onError: "terminate" }));
  for await (const { id, event, data } of stream) {
    events.push([id, event, data]);
    if (event === "done") break;
  }
  return events;
}

const [which, url] = process.argv.slice(2);
const events = await { undici, "eventsource-parser": parser }[which](url);
const ascii = JSON.stringify(events).replace(
  /[\u007f-\uffff]/g,
  (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"),
);
process.stdout.write(ascii + "\n");
