// Names of browsers whose mere reading does nothing: interfaces of the DOM and what lies on `window`.
// https://html.spec.whatwg.org/multipage/indices.html#all-interfaces, as far as bundlers know them; what is not listed counts as felt.

/** `*` stands for each of the words. */
const FAMILIES: Record<string, string> = {
  '*Event':
    'Animation AnimationPlayback AudioProcessing BeforeUnload Blob Clipboard Close Composition Custom Drag Error Focus ' +
    'Gamepad HashChange IDBVersionChange Input Keyboard MediaEncrypted MediaQueryList MediaStreamTrack Mouse ' +
    'OfflineAudioCompletion PageTransition Pointer PopState Progress PromiseRejection RTCDTMFToneChange RTCDataChannel ' +
    'RTCPeerConnectionIce RTCTrack SecurityPolicyViolation SpeechSynthesis Storage Track Transition UI WebGLContext Wheel',
  'Audio*': 'Buffer BufferSourceNode DestinationNode Listener Node Param ScheduledSourceNode',
  'CSS*':
    'Animation FontFaceRule ImportRule KeyframeRule KeyframesRule MediaRule NamespaceRule PageRule Rule RuleList ' +
    'StyleDeclaration StyleRule StyleSheet SupportsRule Transition',
  'HTML*Element':
    'Anchor Area Audio BR Base Body Button Canvas DList Data DataList Details Directory Div Embed FieldSet Font Form Frame ' +
    'FrameSet HR Head Heading Html IFrame Image Input LI Label Legend Link Map Marquee Media Menu Meta Meter Mod OList Object ' +
    'OptGroup Option Output Paragraph Param Picture Pre Progress Quote Script Select Slot Source Span Style Table ' +
    'TableCaption TableCell TableCol TableRow TableSection Template TextArea Time Title Track UList Unknown Video',
  'IDB*': 'Cursor CursorWithValue Database Factory Index KeyRange ObjectStore OpenDBRequest Request Transaction',
  'RTC*':
    'Certificate DTMFSender DataChannel IceCandidate PeerConnection RtpReceiver RtpSender RtpTransceiver SessionDescription ' +
    'StatsReport',
  'SVG*Element':
    'A Animate AnimateMotion AnimateTransform Animation Circle ClipPath ComponentTransferFunction Defs Desc Ellipse FEBlend ' +
    'FEColorMatrix FEComponentTransfer FEComposite FEConvolveMatrix FEDiffuseLighting FEDisplacementMap FEDistantLight ' +
    'FEDropShadow FEFlood FEFuncA FEFuncB FEFuncG FEFuncR FEGaussianBlur FEImage FEMerge FEMergeNode FEMorphology FEOffset ' +
    'FEPointLight FESpecularLighting FESpotLight FETile FETurbulence Filter ForeignObject G Geometry Gradient Graphics Image ' +
    'Line LinearGradient MPath Marker Mask Metadata Path Pattern Polygon Polyline RadialGradient Rect SVG Script Set Stop ' +
    'Style Switch Symbol TSpan Text TextContent TextPath TextPositioning Title Use View',
  'SVG*':
    'Angle AnimatedAngle AnimatedBoolean AnimatedEnumeration AnimatedInteger AnimatedLength AnimatedLengthList AnimatedNumber ' +
    'AnimatedNumberList AnimatedPreserveAspectRatio AnimatedRect AnimatedString AnimatedTransformList Element Length ' +
    'LengthList Matrix Number NumberList Point PointList PreserveAspectRatio Rect StringList Transform TransformList ' +
    'UnitTypes',
  'on*':
    'abort afterprint animationend animationiteration animationstart beforeprint beforeunload blur canplay canplaythrough ' +
    'change click contextmenu cuechange dblclick drag dragend dragenter dragleave dragover dragstart drop durationchange ' +
    'emptied ended error focus gotpointercapture hashchange input invalid keydown keypress keyup languagechange load ' +
    'loadeddata loadedmetadata loadstart lostpointercapture message mousedown mouseenter mouseleave mousemove mouseout ' +
    'mouseover mouseup offline online pagehide pageshow pause play playing pointercancel pointerdown pointerenter ' +
    'pointerleave pointermove pointerout pointerover pointerup popstate progress ratechange rejectionhandled reset resize ' +
    'scroll seeked seeking select stalled storage submit suspend timeupdate toggle transitioncancel transitionend ' +
    'transitionrun transitionstart unhandledrejection unload volumechange waiting webkitanimationend webkitanimationiteration ' +
    'webkitanimationstart webkittransitionend wheel',
}

const NAMES =
  'AnalyserNode Animation AnimationEffect AnimationTimeline Attr Audio BarProp BiquadFilterNode Blob ' +
  'ByteLengthQueuingStrategy CDATASection CanvasGradient CanvasPattern CanvasRenderingContext2D ChannelMergerNode ' +
  'ChannelSplitterNode CharacterData Comment ConvolverNode CountQueuingStrategy Crypto CustomElementRegistry DOMException ' +
  'DOMImplementation DOMMatrix DOMMatrixReadOnly DOMParser DOMPoint DOMPointReadOnly DOMQuad DOMRect DOMRectList ' +
  'DOMRectReadOnly DOMStringList DOMStringMap DOMTokenList DataTransfer DataTransferItem DataTransferItemList DelayNode ' +
  'Document DocumentFragment DocumentTimeline DocumentType DynamicsCompressorNode Element EventSource File FileList ' +
  'FileReader FontFace FormData GainNode Gamepad GamepadButton Geolocation GeolocationPositionError HTMLAllCollection ' +
  'HTMLCollection HTMLDocument HTMLElement HTMLFormControlsCollection HTMLOptionsCollection Headers History Image ImageData ' +
  'IntersectionObserver IntersectionObserverEntry KeyframeEffect Location MediaCapabilities MediaElementAudioSourceNode ' +
  'MediaError MediaList MediaQueryList MediaRecorder MediaSource MediaStream MediaStreamAudioDestinationNode ' +
  'MediaStreamAudioSourceNode MediaStreamTrack MimeType MimeTypeArray MutationObserver MutationRecord NamedNodeMap Navigator ' +
  'Node NodeFilter NodeIterator NodeList Notification Option OscillatorNode Path2D Performance PerformanceEntry ' +
  'PerformanceMark PerformanceMeasure PerformanceNavigation PerformanceObserver PerformanceObserverEntryList ' +
  'PerformanceResourceTiming PerformanceTiming PeriodicWave Plugin PluginArray ProcessingInstruction RadioNodeList Range ' +
  'ReadableStream Request ResizeObserver ResizeObserverEntry Response Screen ScriptProcessorNode Selection ShadowRoot ' +
  'SourceBuffer SourceBufferList SpeechSynthesisUtterance StaticRange Storage StyleSheet StyleSheetList Text TextMetrics ' +
  'TextTrack TextTrackCue TextTrackCueList TextTrackList TimeRanges TreeWalker VTTCue ValidityState VisualViewport ' +
  'WaveShaperNode WebGLActiveInfo WebGLBuffer WebGLFramebuffer WebGLProgram WebGLQuery WebGLRenderbuffer ' +
  'WebGLRenderingContext WebGLSampler WebGLShader WebGLShaderPrecisionFormat WebGLSync WebGLTexture WebGLUniformLocation ' +
  'WebKitCSSMatrix WebSocket Window Worker XMLDocument XMLHttpRequest XMLHttpRequestEventTarget XMLHttpRequestUpload ' +
  'XMLSerializer XPathEvaluator XPathExpression XPathResult XSLTProcessor alert atob blur btoa cancelAnimationFrame ' +
  'captureEvents close closed confirm customElements devicePixelRatio event fetch focus frameElement frames getComputedStyle ' +
  'getSelection indexedDB isSecureContext length locationbar matchMedia menubar moveBy moveTo name open opener origin ' +
  'outerHeight outerWidth parent personalbar postMessage print prompt releaseEvents requestAnimationFrame resizeBy resizeTo ' +
  'screen screenLeft screenTop screenX screenY scroll scrollBy scrollTo scrollbars speechSynthesis status statusbar stop ' +
  'toolbar top webkitURL'

/** All of them. */
export function webNames(): string[] {
  const families = Object.entries(FAMILIES).flatMap(([family, words]) => words.split(' ').map((word) => family.replace('*', word)))
  return [...NAMES.split(' '), ...families]
}
