package io.github.proxytelemetry.hosts.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** gRPC client that keeps what it received: messages, status, description, and trailers. */
final class GrpcCaller implements AutoCloseable {
  private final List<String> received = new ArrayList<>();
  private final ManagedChannel connection;
  private final io.grpc.Channel channel;

  GrpcCaller(InetSocketAddress proxy) {
    connection =
        NettyChannelBuilder.forAddress("127.0.0.1", proxy.getPort())
            .usePlaintext()
            .disableRetry()
            .build();
    Metadata note = new Metadata();
    note.put(GrpcOrigin.NOTE, "from the client");
    channel =
        ClientInterceptors.intercept(connection, MetadataUtils.newAttachHeadersInterceptor(note));
  }

  List<String> received() {
    return List.copyOf(received);
  }

  void unary(String request) {
    try {
      received.add(
          ClientCalls.blockingUnaryCall(channel, GrpcOrigin.UNARY, CallOptions.DEFAULT, request));
      received.add("OK");
    } catch (StatusRuntimeException failure) {
      received.add(describe(failure));
    }
  }

  /** A call whose deadline passes; how the client learns of it depends on who gives up first. */
  void unaryBefore(long millis, String request) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
    try {
      received.add(ClientCalls.blockingUnaryCall(channel, GrpcOrigin.UNARY, options, request));
    } catch (StatusRuntimeException failure) {
      received.add("no answer");
    }
  }

  void stream(String request) {
    Iterator<String> answers =
        ClientCalls.blockingServerStreamingCall(
            channel, GrpcOrigin.STREAM, CallOptions.DEFAULT, request);
    try {
      while (answers.hasNext()) {
        received.add(answers.next());
      }
      received.add("OK");
    } catch (StatusRuntimeException failure) {
      received.add(describe(failure));
    }
  }

  /** Cancels a stream that does not end, once its first message is there. */
  void cancelled() throws InterruptedException {
    Cancelling answers = new Cancelling();
    ClientCalls.asyncServerStreamingCall(
        channel.newCall(GrpcOrigin.STREAM, CallOptions.DEFAULT), "wait", answers);
    if (!answers.over.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the call did not end");
    }
    received.addAll(answers.received);
  }

  @Override
  public void close() {
    try {
      connection.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static String describe(StatusRuntimeException failure) {
    Status status = failure.getStatus();
    Metadata trailers = failure.getTrailers();
    return status
        + " "
        + (trailers == null ? null : trailers.get(GrpcOrigin.NOTE))
        + " "
        + (trailers == null ? null : Arrays.toString(trailers.get(GrpcOrigin.BINARY)));
  }

  private static final class Cancelling implements ClientResponseObserver<String, String> {
    private final List<String> received = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private @Nullable ClientCallStreamObserver<String> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<String> stream) {
      call = stream;
    }

    @Override
    public void onNext(String message) {
      received.add(message);
      if (call != null) {
        call.cancel("enough", null);
      }
    }

    @Override
    public void onError(Throwable failure) {
      received.add(Status.fromThrowable(failure).getCode().name());
      over.countDown();
    }

    @Override
    public void onCompleted() {
      received.add("OK");
      over.countDown();
    }
  }
}
