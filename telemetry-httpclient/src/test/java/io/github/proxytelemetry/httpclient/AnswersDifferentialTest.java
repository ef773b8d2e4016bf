package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.testing.OriginScript;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Responses of a wrapped client against those of the plain one. */
class AnswersDifferentialTest {
  private static final List<Question> QUESTIONS =
      List.of(
          new Question("ok", OriginScript.respond(Differential.OK), Question::asItIs),
          new Question(
              "an empty 404",
              OriginScript.respond("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
              Question::asItIs),
          new Question(
              "HEAD",
              OriginScript.respond("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
              request -> request.method("HEAD", BodyPublishers.noBody())),
          new Question(
              "204", OriginScript.respond("HTTP/1.1 204 No Content\r\n\r\n"), Question::asItIs),
          new Question(
              "chunks",
              OriginScript.respond(
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"),
              request -> request.POST(BodyPublishers.ofString("hello"))),
          new Question(
              "a body of unknown length",
              OriginScript.respond(Differential.OK),
              request ->
                  request.PUT(BodyPublishers.fromPublisher(BodyPublishers.ofString("hello")))),
          new Question(
              "a redirect with its body",
              OriginScript.respond(
                  "HTTP/1.1 307 There\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"),
              request -> request.POST(BodyPublishers.ofString("hello"))));

  @TestFactory
  List<DynamicTest> answersAlike() {
    return Question.tests(QUESTIONS);
  }
}
