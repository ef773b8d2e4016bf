package io.github.proxytelemetry.jetty;

import org.eclipse.jetty.client.ProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.client.transport.ResponseListeners;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Response listener that observes a response and delegates to the listeners of the host.
 *
 * <p>As an additional content listener it would make Jetty distribute each chunk among several,
 * with a lock and at the pace of the slowest. A delegating one only counts what the host reads.
 */
final class ClientResponse implements Response.Listener, ProtocolHandler {
  private final ClientAttempt owner;
  private final ResponseListeners listeners;
  private final boolean forwards;

  private ClientResponse(ClientAttempt owner, ResponseListeners listeners, boolean forwards) {
    this.owner = owner;
    this.listeners = listeners;
    this.forwards = forwards;
  }

  /**
   * Observes the events of a response.
   *
   * @param handler Jetty's handler of this kind of response; without one, the events go to the
   *     request's own listeners
   */
  static @Nullable ProtocolHandler observe(
      ClientAttempt owner, Request request, @Nullable ProtocolHandler handler) {
    if (handler != null) {
      return new ClientResponse(owner, new ResponseListeners(handler.getResponseListener()), true);
    }
    if (!(request instanceof HttpRequest asked)) {
      return null;
    }
    // After a redirect, Jetty notifies the listeners of the last request itself.
    HttpConversation conversation = asked.getConversation();
    HttpExchange first = conversation.getExchanges().peekFirst();
    return first == null ? null : new ClientResponse(owner, first.getResponseListeners(), false);
  }

  @Override
  public String getName() {
    return "telemetry";
  }

  @Override
  public boolean accept(Request request, Response response) {
    return true;
  }

  @Override
  public Response.Listener getResponseListener() {
    return this;
  }

  @Override
  public void onBegin(Response response) {
    listeners.notifyBegin(response);
  }

  @Override
  public boolean onHeader(Response response, HttpField field) {
    return listeners.notifyHeader(response, field);
  }

  @Override
  public void onHeaders(Response response) {
    owner.responseStarted(response);
    listeners.notifyHeaders(response);
  }

  @Override
  public void onContentSource(Response response, Content.Source source) {
    listeners.notifyContentSource(response, new Counted(source));
  }

  @Override
  public void onSuccess(Response response) {
    HttpFields trailers = response.getTrailers();
    if (trailers != null && trailers.size() > 0) {
      owner.responseTrailers(trailers);
    }
    owner.responseEnd();
    listeners.notifySuccess(response);
  }

  @Override
  public void onFailure(Response response, Throwable failure) {
    owner.failed(failure);
    listeners.notifyFailure(response, failure);
  }

  @Override
  public void onComplete(Result result) {
    if (forwards) {
      owner.onComplete(result);
    }
    listeners.notifyComplete(result);
  }

  /** Content source that counts the bytes that are read from another. */
  private final class Counted implements Content.Source, Invocable {
    private final Content.Source source;

    Counted(Content.Source source) {
      this.source = source;
    }

    @Override
    public Content.Chunk read() {
      Content.Chunk chunk = source.read();
      if (chunk != null && chunk.hasRemaining()) {
        owner.responseBytes(chunk.remaining());
      }
      return chunk;
    }

    @Override
    public void demand(Runnable demandCallback) {
      source.demand(demandCallback);
    }

    @Override
    public void fail(Throwable failure) {
      source.fail(failure);
    }

    @Override
    public void fail(Throwable failure, boolean last) {
      source.fail(failure, last);
    }

    @Override
    public long getLength() {
      return source.getLength();
    }

    @Override
    public boolean rewind() {
      return source.rewind();
    }

    @Override
    public InvocationType getInvocationType() {
      return Invocable.getInvocationType(source);
    }
  }
}
