package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.testing.HandlerScript;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.ReadOnlyHttpHeaders;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/** A host's handler of requests, with its possible mistakes. */
@SuppressWarnings("FutureReturnValueIgnored")
final class ScriptedAnswer {
  private static final HttpHeaders SHARED =
      new ReadOnlyHttpHeaders(false, HttpHeaderNames.CONTENT_LENGTH, "2");

  private final HandlerScript script;
  private final Channel client;
  private final Runnable work;

  ScriptedAnswer(HandlerScript script, Channel client, Runnable work) {
    this.script = script;
    this.client = client;
    this.work = work;
  }

  /** Runs when the response is complete, on the client's event loop. */
  void play(Runnable headSent, Runnable answered) {
    switch (script) {
      case THROW_BEFORE_RESPONSE -> throw new IllegalStateException("thrown by a handler");
      case THROW_AFTER_HEAD -> {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set(HttpHeaderNames.CONTENT_LENGTH, 10);
        headSent.run();
        client.write(head);
        client.writeAndFlush(new DefaultHttpContent(content("hello")));
        throw new IllegalStateException("thrown by a handler that had begun to answer");
      }
      case NEVER_ANSWER -> {
        // It does not release the request either.
      }
      case ANSWER_FROM_THREAD ->
          new Thread(
                  () -> {
                    work.run();
                    answer(own(), answered);
                  },
                  "own-thread-of-the-host")
              .start();
      case WORK_ON -> {
        answer(own(), answered);
        work.run();
      }
      case FAIL_AFTER_RESPONSE -> {
        answer(own(), answered);
        throw new IllegalStateException("thrown by a handler that had answered");
      }
      case SHARED_HEADERS -> answer(SHARED, answered);
    }
  }

  private void answer(HttpHeaders headers, Runnable answered) {
    client
        .writeAndFlush(
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.OK,
                content("ok"),
                headers,
                EmptyHttpHeaders.INSTANCE))
        .addListener((ChannelFutureListener) written -> answered.run());
  }

  private ByteBuf content(String text) {
    return ByteBufUtil.encodeString(
        client.alloc(), CharBuffer.wrap(text), StandardCharsets.ISO_8859_1);
  }

  private static HttpHeaders own() {
    return DefaultHttpHeadersFactory.headersFactory()
        .newHeaders()
        .set(HttpHeaderNames.CONTENT_LENGTH, "2");
  }
}
