package io.github.proxytelemetry.hosts.grpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * gRPC server whose answers follow from the request: a message is answered by itself, a status by
 * its name ends the call, and {@code wait} is never answered.
 */
final class GrpcOrigin implements AutoCloseable {
  static final MethodDescriptor<String, String> UNARY = method("Unary", MethodType.UNARY);

  /** Answers with three messages, then with what the request says; or with one, and no end. */
  static final MethodDescriptor<String, String> STREAM =
      method("Stream", MethodType.SERVER_STREAMING);

  static final Metadata.Key<String> NOTE =
      Metadata.Key.of("x-note", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<byte[]> BINARY =
      Metadata.Key.of("x-note-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final Metadata.Key<String> TRACEPARENT =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<String> traceparents = new CopyOnWriteArrayList<>();
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final Server server;

  GrpcOrigin() throws IOException {
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("test.Service")
            .addMethod(UNARY, ServerCalls.asyncUnaryCall(this::unary))
            .addMethod(STREAM, ServerCalls.asyncServerStreamingCall(this::stream))
            .build();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(ServerInterceptors.intercept(service, new Recording()))
            .directExecutor()
            .build()
            .start();
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
  }

  /** Methods and requests, in the order of arrival. */
  List<String> received() {
    return List.copyOf(received);
  }

  List<String> traceparents() {
    return List.copyOf(traceparents);
  }

  /** Waits until a call that is never answered is cancelled. */
  boolean awaitCancelled() throws InterruptedException {
    return cancelled.await(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    try {
      server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void unary(String request, StreamObserver<String> answer) {
    received.add("unary " + request);
    if (request.equals("wait")) {
      ((ServerCallStreamObserver<String>) answer).setOnCancelHandler(cancelled::countDown);
      return;
    }
    end(request, answer);
  }

  private void stream(String request, StreamObserver<String> answer) {
    received.add("stream " + request);
    answer.onNext("first");
    if (request.equals("wait")) {
      ((ServerCallStreamObserver<String>) answer).setOnCancelHandler(cancelled::countDown);
      return;
    }
    answer.onNext("second");
    answer.onNext("third");
    end(request, answer);
  }

  private static void end(String request, StreamObserver<String> answer) {
    for (Status.Code code : Status.Code.values()) {
      if (code != Status.Code.OK && request.equals(code.name())) {
        Metadata trailers = new Metadata();
        trailers.put(NOTE, "a,  b");
        trailers.put(BINARY, new byte[] {0, 1, 2});
        answer.onError(
            Status.fromCode(code).withDescription("100 % " + code).asRuntimeException(trailers));
        return;
      }
    }
    answer.onNext(request);
    answer.onCompleted();
  }

  private static MethodDescriptor<String, String> method(String name, MethodType type) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(type)
        .setFullMethodName("test.Service/" + name)
        .setRequestMarshaller(new Text())
        .setResponseMarshaller(new Text())
        .build();
  }

  private final class Recording implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String traceparent = headers.get(TRACEPARENT);
      if (traceparent != null) {
        traceparents.add(traceparent);
      }
      received.add(call.getMethodDescriptor().getFullMethodName() + " " + headers.get(NOTE));
      return next.startCall(call, headers);
    }
  }

  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
